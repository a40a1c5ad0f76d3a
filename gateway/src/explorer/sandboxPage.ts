import { sandboxScript } from './sandboxScript.ts';

const CDN = 'https://embeddable-sandbox.cdn.apollographql.com';
const SOURCE = `${CDN}/v2/embeddable-sandbox.umd.production.min.js`;

export type SandboxPage = {
  /** Path of GraphQL, over HTTP and over WebSocket. */
  endpoint: string;
  /** The document that the Sandbox begins with. */
  document: string;
  /** Where the browser goes when the Sandbox can't be had. */
  fallback: string;
  /** A string of this name in a response is sent as the bearer token from then on. */
  tokenField: string;
  /** Of the Content-Security-Policy that sandboxPolicy returns. */
  nonce: string;
};

/** How long the CDN may take. A network that swallows packets never fires an error. */
const LOAD_WITHIN_MS = 4_000;

/**
 * Apollo Sandbox, embedded. Apollo's own landing page plugin drops the subscription endpoint, so the page is made here:
 * https://www.apollographql.com/docs/graphos/platform/sandbox#embedding-sandbox
 */
export function sandboxPage({ endpoint, document, fallback, tokenField, nonce }: SandboxPage): string {
  const settings = inScript({ endpoint, document, fallback, tokenField, source: SOURCE, loadWithinMs: LOAD_WITHIN_MS });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>GraphQL explorer</title>
<link rel="icon" href="data:,">
<style>
html, body, #sandbox { height: 100%; margin: 0; }
iframe { display: block; width: 100%; height: 100%; border: 0; }
.loading { padding: 2rem; font: 1rem system-ui, sans-serif; color: #555; }
</style>
</head>
<body>
<div id="sandbox"><p class="loading">Loading Apollo Sandbox… <a href="${fallback}">Use the local explorer instead</a></p></div>
<script nonce="${nonce}">
const settings = ${settings};
${sandboxScript.trim()}
</script>
<noscript>The explorer needs JavaScript.</noscript>
</body>
</html>
`;
}

/** What the page may load, and from where. */
export function sandboxPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' ${CDN}`,
    `style-src 'unsafe-inline'`,
    'img-src data: https:',
    "connect-src 'self' ws: wss:",
    'frame-src https://sandbox.embed.apollographql.com',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** JSON that can't end the script that it stands in. */
function inScript(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}
