import { request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from './problem.mjs';

/**
 * Waits until every address answers 200. @param {Record<string, string>} addresses by name
 * @param {number} patience milliseconds @throws {Problem} naming who is not ready and what it said is missing
 */
export async function waitUntilHealthy(addresses, patience = 90_000) {
  const end = Date.now() + patience;
  const wait = async ([name, url]) => {
    for (;;) {
      const { status, text } = await get(url);
      if (status === 200) return;
      if (Date.now() > end) {
        const told = status === 0 ? text : `${status} ${text}`;
        throw new Problem(`${name} was not ready within ${patience / 1_000} s: ${url} answered ${told.slice(0, 300)}`);
      }
      await delay(50);
    }
  };
  await Promise.all(Object.entries(addresses).map(wait));
}

function get(url) {
  return new Promise((resolve) => {
    const asked = request(url, { agent: false, timeout: 5_000 }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: text.replaceAll(/\s+/g, ' ') }));
      response.on('error', (error) => resolve({ status: 0, text: error.message }));
    });
    asked.on('timeout', () => asked.destroy(new Error('nothing for 5 s')));
    asked.on('error', (error) => resolve({ status: 0, text: error.message }));
    asked.end();
  });
}
