/**
 * What the page at `/` does, as the text of a classic script; it finds its `settings` above it. It loads Apollo Sandbox, or
 * leaves for the local explorer, and signs what Sandbox sends: a response with a token in it signs this browser tab in, as in
 * the local explorer, under the same name (gateway/explorer/src/session.ts).
 *
 * HTTP goes through `handleRequest`, which Sandbox offers for this. For subscriptions it offers nothing, but opens its sockets
 * from this page, with graphql-ws and the headers of its editor as the payload of connection_init; that gets the token on its way
 * out. A header of one's own wins both times.
 * https://www.apollographql.com/docs/graphos/platform/sandbox#embedding-sandbox
 * https://github.com/apollographql/embeddable-explorer/blob/main/packages/sandbox/src/helpers/subscriptionPostMessageRelayHelpers.ts
 */
export const sandboxScript = `
const endpoint = location.origin + settings.endpoint;
const subscriptions = endpoint.replace(/^http/, 'ws');

const KEY = 'explorer:accessToken';
if (sessionStorage.getItem(KEY) === null) sessionStorage.setItem(KEY, localStorage.getItem(KEY) ?? '');

function keep(token) {
  sessionStorage.setItem(KEY, token);
  localStorage.setItem(KEY, token);
}

function findToken(value) {
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, item] of Object.entries(value)) {
    const found = key === settings.tokenField && typeof item === 'string' ? item : findToken(item);
    if (found) return found;
  }
  return null;
}

async function handleRequest(url, options) {
  const headers = new Headers(options.headers);
  const token = headers.has('authorization') ? '' : sessionStorage.getItem(KEY);
  if (token) headers.set('authorization', 'Bearer ' + token);
  let response = await fetch(url, { ...options, headers });
  if (response.status === 401 && token) {
    // The server knows this token no longer. It has done nothing yet, so ask without it.
    keep('');
    headers.delete('authorization');
    response = await fetch(url, { ...options, headers });
  }
  if (response.headers.get('content-type')?.includes('json')) {
    const found = findToken((await response.clone().json()).data);
    if (found) keep(found);
  }
  return response;
}

function signInit(data) {
  const token = sessionStorage.getItem(KEY);
  if (!token || !/^\\s*{\\s*"type"\\s*:\\s*"connection_init"/.test(data)) return data;
  const message = JSON.parse(data);
  const given = Object.keys(message.payload ?? {}).some((name) => name.toLowerCase() === 'authorization');
  return given ? data : JSON.stringify({ ...message, payload: { ...message.payload, authorization: 'Bearer ' + token } });
}

window.WebSocket = class extends WebSocket {
  send(data) {
    super.send(this.url === subscriptions && typeof data === 'string' ? signInit(data) : data);
  }
};

const leave = () => location.replace(settings.fallback);
if (!navigator.onLine) leave();
const late = setTimeout(leave, settings.loadWithinMs);
const script = document.createElement('script');
script.src = settings.source;
script.onerror = leave;
script.onload = () => {
  clearTimeout(late);
  const target = document.getElementById('sandbox');
  target.textContent = '';
  try {
    new window.EmbeddedSandbox({
      target,
      initialEndpoint: endpoint,
      initialSubscriptionEndpoint: subscriptions,
      initialState: { document: settings.document, pollForSchemaUpdates: false },
      handleRequest,
      hideCookieToggle: true,
      endpointIsEditable: false,
      runTelemetry: false,
    });
  } catch {
    leave();
  }
};
document.head.append(script);
`;
