import { allTools } from './all-tools.js'
import type { Tool } from './tool.js'

/** Private keys go to agents only where the host has said so: what a model reads, its provider reads. */
export const offeredTools = (allowPrivateKeys: boolean): readonly Tool[] =>
  allTools.filter(({ returnsPrivateKey = false }) => allowPrivateKeys || !returnsPrivateKey)
