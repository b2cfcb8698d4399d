import { dirname, posix } from 'node:path'
import ts from 'typescript'

/*
 * The mechanical check of the architecture.
 *
 * It works on the syntax trees of all sources at once and needs no type information, so it takes the text of files and
 * returns findings. Where a rule is about a value (`custody.sign`), it goes by the names and the written types: that
 * finds what is done by habit, not what is done to deceive.
 */

/** A source by its path from the root of the workspace, with forward slashes: packages/core/src/errors/codes.ts. */
export interface SourceFile {
  readonly path: string
  readonly text: string
}

export type RuleName =
  | 'storey'
  | 'room'
  | 'cycle'
  | 'package-direction'
  | 'sign'
  | 'transaction'
  | 'ambient'
  | 'eval'

export interface Finding {
  readonly rule: RuleName
  readonly path: string
  readonly line: number
  readonly message: string
}

/** packages/core/src from the lowest storey to the highest. */
const storeys = [
  'errors',
  'encoding',
  'asn1',
  'crypto',
  'x509',
  'ports',
  'rules',
  'steps',
  'signing',
  'flows',
  'authority',
  // Entry points: of @certwright/core/der, of @certwright/core/path, and of @certwright/core.
  'der.ts',
  'path.ts',
  'index.ts',
]

/** Storeys where each folder is a room: it may use what lies beside the rooms, but not another room. */
const storeysWithRooms = new Set(['rules', 'steps', 'flows'])

/** Folder below packages/ → the folders it may import. A new package needs a row. */
const packageDirections: Readonly<Record<string, readonly string[]>> = {
  core: [],
  custody: ['core'],
  memory: ['core', 'custody'],
  sql: ['core'],
  sqlite: ['core', 'sql'],
  postgres: ['core', 'sql'],
  html: [],
  http: ['core', 'html'],
  oauth: ['core', 'http', 'html'],
  mcp: ['core', 'http'],
  containers: ['core'],
  testing: ['core', 'memory'],
  cli: [
    'core',
    'custody',
    'memory',
    'sqlite',
    'postgres',
    'containers',
    'http',
    'html',
    'oauth',
    'mcp',
    'testing',
  ],
}

/** The other side of the storage port, where transactions are implemented, and tried. */
const storageAdapters = new Set(['memory', 'sqlite', 'postgres', 'testing'])

const platformCrypto = ['node', 'web'].map((side) => `packages/core/src/crypto/provider-${side}.ts`)

interface Import {
  readonly specifier: string
  readonly names: readonly string[]
  readonly node: ts.Node
}

interface Parsed {
  readonly path: string
  readonly source: ts.SourceFile
  readonly imports: readonly Import[]
  readonly place: Place
}

/** Where a file stands: packages/core/src/rules/path/budget.ts → core, rules, path. */
interface Place {
  readonly package: string
  readonly storey: string
  readonly room: string | undefined
}

export function checkStructure(files: readonly SourceFile[]): Finding[] {
  const parsed = files.filter(({ path }) => !path.endsWith('.test.ts')).map(parse)
  const known = new Set(parsed.map(({ path }) => path))
  return [
    ...parsed.flatMap((file) => [
      ...checkStoreys(file, known),
      ...checkPackageDirection(file),
      ...checkCalls(file),
    ]),
    ...checkCycles(parsed, known),
  ]
}

function parse({ path, text }: SourceFile): Parsed {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true)
  return { path, source, imports: importsOf(source), place: placeOf(path) }
}

function placeOf(path: string): Place {
  const [, packageFolder = '', , storey = '', ...rest] = path.split('/')
  return { package: packageFolder, storey, room: rest.length > 1 ? rest[0] : undefined }
}

/** Every way to name another module: import, export from, import type, import(), typeof import(), require. */
function importsOf(source: ts.SourceFile): Import[] {
  const found: Import[] = []
  const add = (specifier: ts.Node | undefined, names: readonly string[], node: ts.Node) => {
    if (specifier && ts.isStringLiteralLike(specifier)) found.push({ specifier: specifier.text, names, node })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      const bindings = node.importClause?.namedBindings
      const names =
        bindings && ts.isNamedImports(bindings)
          ? bindings.elements.map((element) => (element.propertyName ?? element.name).text)
          : []
      add(node.moduleSpecifier, names, node)
    } else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, [], node)
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(node.argument.literal, [], node)
    else if (ts.isExternalModuleReference(node)) add(node.expression, [], node)
    else if (ts.isCallExpression(node) && isModuleCall(node)) add(node.arguments[0], [], node)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function isModuleCall(node: ts.CallExpression): boolean {
  if (node.expression.kind === ts.SyntaxKind.ImportKeyword) return true
  return ts.isIdentifier(node.expression) && node.expression.text === 'require'
}

/** The files of the workspace that an import leads to: none for a dependency, two for the platform switch. */
function resolve(from: string, specifier: string, known: ReadonlySet<string>): string[] {
  if (specifier === '#platform-crypto') return platformCrypto.filter((path) => known.has(path))
  if (!specifier.startsWith('.')) return []
  const base = posix.join(dirname(from), specifier)
  const candidates = [base.replace(/\.js$/, '.ts'), base, `${base}.ts`, `${base}/index.ts`]
  return candidates.filter((path) => known.has(path)).slice(0, 1)
}

function finding(rule: RuleName, file: Parsed, node: ts.Node, message: string): Finding {
  const { line } = file.source.getLineAndCharacterOfPosition(node.getStart(file.source))
  return { rule, path: file.path, line: line + 1, message }
}

function checkStoreys(file: Parsed, known: ReadonlySet<string>): Finding[] {
  if (file.place.package !== 'core') return []
  const own = storeys.indexOf(file.place.storey)
  if (own === -1) {
    return [
      finding('storey', file, file.source, `"${file.place.storey}" is not a storey of packages/core/src`),
    ]
  }
  return file.imports.flatMap(({ specifier, node }) =>
    resolve(file.path, specifier, known).flatMap((target) => {
      const there = placeOf(target)
      if (there.package !== 'core') return []
      if (storeys.indexOf(there.storey) > own) {
        return [
          finding(
            'storey',
            file,
            node,
            `${file.place.storey} imports ${target} from the higher storey ${there.storey}`,
          ),
        ]
      }
      const sameStorey = there.storey === file.place.storey
      if (sameStorey && storeysWithRooms.has(there.storey) && there.room && there.room !== file.place.room) {
        const who = file.place.room ? `room ${file.place.room}` : 'a file beside the rooms'
        return [finding('room', file, node, `${who} imports ${target} from the room ${there.room}`)]
      }
      return []
    }),
  )
}

function checkPackageDirection(file: Parsed): Finding[] {
  const own = file.place.package
  const allowed = packageDirections[own]
  if (!allowed) {
    return [
      finding('package-direction', file, file.source, `package "${own}" has no row in packageDirections`),
    ]
  }
  return file.imports.flatMap(({ specifier, node }) => {
    const target = workspacePackage(file.path, specifier)
    if (target === undefined || target === own || allowed.includes(target)) return []
    return [finding('package-direction', file, node, `packages/${own} imports ${specifier}`)]
  })
}

function workspacePackage(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) {
    const target = posix.join(dirname(from), specifier)
    return target.startsWith('packages/') ? target.split('/')[1] : target
  }
  if (specifier === 'certwright' || specifier.startsWith('certwright/')) return 'cli'
  return specifier.startsWith('@certwright/') ? specifier.split('/')[1] : undefined
}

function checkCalls(file: Parsed): Finding[] {
  const found: Finding[] = []
  const { package: own, storey, room } = file.place
  // The laws of the custody port ask a custody what it promises.
  const maySign = own === 'testing' || (own === 'core' && storey === 'signing')
  const mayOpenTransaction =
    storageAdapters.has(own) ||
    // The one door of the authorization server, whose records core does not know.
    file.path === 'packages/oauth/src/records/transact.ts' ||
    (own === 'core' && storey === 'steps' && room === 'recording')
  const ambientAllowed =
    own !== 'core' ||
    file.path === 'packages/core/src/authority/system.ts' ||
    /^packages\/core\/src\/crypto\/provider-[^/]+\.ts$/.test(file.path)
  const custodies = custodyNames(file.source)
  const declared = declaredNames(file.source)

  const visit = (node: ts.Node): void => {
    const name = accessedName(node)
    if (!maySign && name === 'sign' && isCustody(accessedObject(node), custodies)) {
      found.push(finding('sign', file, node, 'custody.sign outside signing/'))
    }
    if (!maySign && ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name)) {
      const takesSign = node.name.elements.some(
        (element) => (element.propertyName ?? element.name).getText() === 'sign',
      )
      if (takesSign && isCustody(node.initializer, custodies)) {
        found.push(finding('sign', file, node, 'sign is taken from a custody outside signing/'))
      }
    }
    if (!mayOpenTransaction && ts.isCallExpression(node) && accessedName(node.expression) === 'transaction') {
      found.push(finding('transaction', file, node, '.transaction( outside steps/recording/'))
    }
    const ambient = ambientAllowed ? undefined : ambientUse(node, declared)
    if (ambient) found.push(finding('ambient', file, node, `${ambient} outside authority/system.ts`))
    if (isEval(node)) found.push(finding('eval', file, node, 'eval or new Function'))
    ts.forEachChild(node, visit)
  }
  visit(file.source)

  if (!ambientAllowed) {
    for (const { specifier, names, node } of file.imports) {
      if (!names.includes('randomBytes') && !names.includes('randomUUID')) continue
      if (!specifier.startsWith('.'))
        found.push(finding('ambient', file, node, `randomness from ${specifier}`))
    }
  }
  return found
}

/** `a.name` and `a['name']` → name. */
function accessedName(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node)) return node.name.text
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
    return node.argumentExpression.text
  }
  return undefined
}

function accessedObject(node: ts.Node): ts.Expression | undefined {
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node))
    return unwrap(node.expression)
  return undefined
}

function unwrap(expression: ts.Expression): ts.Expression {
  const inner =
    ts.isParenthesizedExpression(expression) ||
    ts.isNonNullExpression(expression) ||
    ts.isAsExpression(expression) ||
    ts.isSatisfiesExpression(expression) ||
    ts.isAwaitExpression(expression)
  return inner ? unwrap(expression.expression) : expression
}

/** Is it called custody (`deps.custody`, `keyCustody`), or was it declared from or as one? */
function isCustody(node: ts.Expression | undefined, aliases: ReadonlySet<string>): boolean {
  if (!node) return false
  const expression = unwrap(node)
  const name = ts.isIdentifier(expression) ? expression.text : accessedName(expression)
  return name !== undefined && (/custody$/i.test(name) || aliases.has(name))
}

function custodyNames(source: ts.SourceFile): Set<string> {
  const names = new Set<string>()
  const visit = (node: ts.Node): void => {
    const declares = ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isPropertyDeclaration(node)
    if (declares && ts.isIdentifier(node.name)) {
      const typed = node.type !== undefined && /custody$/i.test(node.type.getText(source))
      if (typed || isCustody(node.initializer, names)) names.add(node.name.text)
    }
    if (ts.isBindingElement(node) && node.propertyName && ts.isIdentifier(node.name)) {
      if (/custody$/i.test(node.propertyName.getText(source))) names.add(node.name.text)
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return names
}

/** What a file itself imports or declares: then `crypto` is not the global one. */
function declaredNames(source: ts.SourceFile): Set<string> {
  const names = new Set<string>()
  const visit = (node: ts.Node): void => {
    const declares =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isBindingElement(node) ||
      ts.isImportSpecifier(node) ||
      ts.isNamespaceImport(node) ||
      ts.isFunctionDeclaration(node)
    if (declares && node.name && ts.isIdentifier(node.name)) names.add(node.name.text)
    if (ts.isImportClause(node) && node.name) names.add(node.name.text)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return names
}

function ambientUse(node: ts.Node, declared: ReadonlySet<string>): string | undefined {
  if (ts.isNewExpression(node) && isGlobal(node.expression, 'Date', declared) && !node.arguments?.length) {
    return 'new Date()'
  }
  if (ts.isCallExpression(node) && isGlobal(node.expression, 'Date', declared)) return 'Date()'
  const name = accessedName(node)
  if (name === undefined) return undefined
  const object = accessedObject(node)
  if (name === 'getRandomValues') return 'getRandomValues'
  if (name === 'now' && isGlobal(object, 'Date', declared)) return 'Date.now'
  if (name === 'now' && isGlobal(object, 'performance', declared)) return 'performance.now'
  if (name === 'random' && isGlobal(object, 'Math', declared)) return 'Math.random'
  if (name === 'crypto' && isGlobal(object, 'globalThis', declared)) return 'globalThis.crypto'
  if (isGlobal(object, 'crypto', declared)) return `crypto.${name}`
  return undefined
}

/** `Date` and `globalThis.Date`, unless the file has a `Date` of its own. */
function isGlobal(node: ts.Expression | undefined, name: string, declared: ReadonlySet<string>): boolean {
  if (!node) return false
  if (ts.isIdentifier(node)) return node.text === name && !declared.has(name)
  return accessedName(node) === name && isGlobal(accessedObject(node), 'globalThis', declared)
}

function isEval(node: ts.Node): boolean {
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return false
  const callee = unwrap(node.expression)
  const name = ts.isIdentifier(callee) ? callee.text : accessedName(callee)
  return name === 'Function' || (name === 'eval' && ts.isCallExpression(node))
}

/** Strongly connected components (Tarjan) of the graph of files; each with more than one file is a knot. */
function checkCycles(files: readonly Parsed[], known: ReadonlySet<string>): Finding[] {
  const edges = new Map(
    files.map((file) => [
      file.path,
      file.imports.flatMap(({ specifier }) => resolve(file.path, specifier, known)),
    ]),
  )
  const order = new Map<string, number>()
  const stack: string[] = []
  const knots: string[][] = []

  const visit = (path: string): number => {
    const index = order.size
    order.set(path, index)
    let low = index
    stack.push(path)
    for (const target of edges.get(path) ?? []) {
      if (!order.has(target)) low = Math.min(low, visit(target))
      else if (stack.includes(target)) low = Math.min(low, order.get(target) ?? low)
    }
    if (low === index) {
      const knot = stack.splice(stack.indexOf(path))
      if (knot.length > 1 || edges.get(path)?.includes(path)) knots.push(knot)
    }
    return low
  }
  for (const { path } of files) if (!order.has(path)) visit(path)

  return knots.map((knot) => ({
    rule: 'cycle' as const,
    path: knot[0] ?? '',
    line: 1,
    message: `import cycle: ${[...knot].sort().join(', ')}`,
  }))
}
