import './jitless.js';
import './looks/mantine.css';
import './looks/styles.css';
import { createRoot } from 'react-dom/client';
import { createQueryClient } from './api/query-client.js';
import { Console } from './console.js';
import { publishNonce } from './nonce.js';
import { createConsoleRouter } from './router.js';
import { keepOneTimeToken } from './session/one-time-token.js';
import { keepProviderReturn } from './session/provider-return.js';
import { chosenLanguage } from './texts/chosen-language.js';
import { loadTexts } from './texts/languages.js';

publishNonce();
keepOneTimeToken();
keepProviderReturn();
const root = document.getElementById('root');
if (root) {
  const language = chosenLanguage();
  const texts = await loadTexts(language);
  createRoot(root).render(
    <Console client={createQueryClient()} router={createConsoleRouter()} first={{ language, texts }} />,
  );
}
