export { mcpExtension, type McpOptions, mcpPath } from './mcp-extension.js'
export { serveStdio, type StdioOptions, type StdioSession } from './stdio.js'
