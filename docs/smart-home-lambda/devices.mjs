/**
 * What is Acme's own: which lights there are, and how one is switched. Replace this file; each answer is one of
 * `{ refused: true }` for a 401 of the API's, `{ failed: true }` for no answer, or what Alexa is told.
 */

/** Milliseconds; Alexa waits 8 s for everything, and the broker may take half of it. */
const TIMEOUT_MS = 1_500;

export async function answerDirective({ directive: { header, endpoint } }, token) {
  if (header.namespace === 'Alexa.Discovery') return discover(token);
  if (header.namespace === 'Alexa.PowerController') return turn(header.name === 'TurnOn', endpoint.endpointId, token);
  return { failed: true };
}

async function discover(token) {
  const answer = await callAcme('/lights', token);
  if (!answer.body) return answer;
  const endpoints = answer.body.map(({ id, name }) => ({
    endpointId: id,
    friendlyName: name,
    manufacturerName: 'Acme',
    description: 'A light by Acme',
    displayCategories: ['LIGHT'],
    capabilities: [
      { type: 'AlexaInterface', interface: 'Alexa', version: '3' },
      { type: 'AlexaInterface', interface: 'Alexa.PowerController', version: '3' },
    ],
  }));
  return { header: { namespace: 'Alexa.Discovery', name: 'Discover.Response' }, payload: { endpoints } };
}

async function turn(on, endpointId, token) {
  const change = { method: 'PUT', body: JSON.stringify({ on }) };
  const answer = await callAcme(`/lights/${encodeURIComponent(endpointId)}`, token, change);
  if (!answer.body) return answer;
  const state = { namespace: 'Alexa.PowerController', name: 'powerState', value: on ? 'ON' : 'OFF' };
  const measured = { timeOfSample: new Date().toISOString(), uncertaintyInMilliseconds: 500 };
  return { header: { namespace: 'Alexa', name: 'Response' }, payload: {}, properties: [{ ...state, ...measured }] };
}

async function callAcme(path, token, change = {}) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const answer = await fetch(`${process.env.ACME_API_URL}${path}`, { ...change, headers, signal });
    if (answer.status === 401) return { refused: true };
    return answer.ok ? { body: await answer.json() } : { failed: true };
  } catch {
    return { failed: true };
  }
}
