/** The same port with some of its methods in other hands. The others keep their `this`. */
export const replaceMethods = <T extends object>(port: T, methods: Partial<T>): T =>
  new Proxy(port, {
    get(target, property) {
      const replaced: unknown = Reflect.get(methods, property)
      if (replaced !== undefined) return replaced
      const method: unknown = Reflect.get(target, property)
      return typeof method === 'function' ? (method.bind(target) as unknown) : method
    },
  })
