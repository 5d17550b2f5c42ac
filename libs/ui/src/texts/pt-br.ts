import type { Texts } from './texts.js';

export const ptBR: Texts = {
  linkTitle: (skill) => `Vincule ${skill} à sua conta Alexa`,
  linkIntro: (tenant) => [
    'Entre com a conta que você usa com ',
    tenant,
    '. Depois disso, a Alexa poderá usá-la por você.',
  ],
  linkNote: 'A Alexa nunca vê a sua senha. Você pode desvincular a conta a qualquer momento no app Alexa.',
  repairTitle: (skill) => `Continue usando ${skill} com a Alexa`,
  repairIntro: (connector) => `Entre novamente com ${connector}, com a mesma conta de antes.`,
  repairNote: 'O vínculo com a Alexa continua como está. Não há nada a fazer no aplicativo Alexa.',
  continueWith: (connector) => `Continuar com ${connector}`,
  cancel: 'Cancelar',
  tryAgain: 'Tentar novamente',
  startHere: 'Recomeçar neste navegador',
  reference: 'Se pedir ajuda, informe esta referência:',
  detour: {
    title: (connectors) => `Para usar ${connectors}, abra esta página no navegador`,
    why: 'Este login não funciona dentro de um app.',
    copy: 'Toque neste endereço, segure e copie:',
    paste: 'Cole no navegador, por exemplo Safari ou Chrome, e continue por lá.',
    hold: 'Ou toque e segure aqui para abrir',
    website: (skill) =>
      `Você também pode começar pelo navegador: procure ${skill} entre as skills da Alexa no site da Amazon e ative a skill por lá.`,
    anyway: 'Ou tente aqui mesmo assim:',
  },
  messages: {
    'bad-client': [
      'Esta skill não pode ser vinculada agora',
      'A skill não está configurada corretamente; não há nada de errado com a sua conta. Avise o fornecedor da skill e informe a referência abaixo. Só ele pode resolver.',
    ],
    'bad-request': [
      'Está faltando algo',
      'Esta página foi aberta de um jeito inesperado e não conseguimos continuar. Volte ao app Alexa e comece de novo.',
    ],
    expired: [
      'Esta tentativa expirou',
      'A vinculação precisa ser concluída em até uma hora. Volte ao app Alexa e comece de novo.',
    ],
    finished: [
      'Esta tentativa já terminou',
      'Veja no app Alexa se a sua conta está vinculada. Se não estiver, comece de novo por lá.',
    ],
    'other-browser': [
      'A vinculação começou em outro navegador',
      'Continue onde você tocou no botão ou comece de novo no app Alexa.',
    ],
    'no-cookie': [
      'Não conseguimos confirmar que esta tentativa é sua',
      'Você entrou na conta, mas este navegador não devolveu o cookie que recebeu no início. Isso acontece quando o login abre em outro app ou quando os cookies estão bloqueados. Nada foi vinculado. Permita cookies para esta página e comece de novo aqui.',
    ],
    'upstream-unavailable': [
      'O serviço de login não está respondendo',
      'Isso costuma passar rápido. Espere um momento e tente novamente.',
    ],
    'upstream-misconfigured': [
      'O serviço de login recusou a conexão',
      'Quem precisa resolver isso é o fornecedor da skill; não há nada de errado com a sua conta. Informe a ele a referência abaixo.',
    ],
    'upstream-rejected': [
      'O login não foi concluído',
      'O serviço de login não o aceitou desta vez. Nada foi vinculado. Tente novamente.',
    ],
    unavailable: [
      'Não conseguimos responder agora',
      'Nada se perdeu. Espere um momento e tente novamente. Se não der certo, comece de novo no app Alexa.',
    ],
    repaired: ['Você entrou novamente', 'A Alexa continua funcionando com a sua conta. Você pode fechar esta página.'],
    'repair-cancelled': ['Nada mudou', 'Você não entrou novamente. O vínculo com a Alexa está como antes.'],
    'repair-other-account': [
      'Era outra conta',
      'Entre com a conta que está vinculada à Alexa. Para vincular outra, comece no aplicativo Alexa. Nada foi alterado.',
    ],
    'repair-ended': [
      'Este vínculo terminou',
      'A Alexa não está mais vinculada a esta conta; entrar novamente não adianta. Para vincular de novo, comece no aplicativo Alexa.',
    ],
    'repair-expired': [
      'Este endereço expirou',
      'Peça um novo a quem criou a skill. O vínculo com a Alexa está como antes.',
    ],
    'not-found': ['Não há nada aqui', 'Para vincular uma conta, comece no app Alexa.'],
  },
};
