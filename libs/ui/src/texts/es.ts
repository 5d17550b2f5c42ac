import type { Texts } from './texts.js';

export const es: Texts = {
  linkTitle: (skill) => `Vincula ${skill} con tu cuenta de Alexa`,
  linkIntro: (tenant) => [
    'Inicia sesión con la cuenta que usas con ',
    tenant,
    '. Después, Alexa podrá utilizarla por ti.',
  ],
  linkNote: 'Alexa nunca ve tu contraseña. Puedes desvincular la cuenta cuando quieras en la app Alexa.',
  repairTitle: (skill) => `Siga usando ${skill} con Alexa`,
  repairIntro: (connector) => `Inicie sesión de nuevo con ${connector}, con la misma cuenta que antes.`,
  repairNote: 'La vinculación con Alexa queda como está. No hay que hacer nada en la aplicación Alexa.',
  continueWith: (connector) => `Continuar con ${connector}`,
  cancel: 'Cancelar',
  tryAgain: 'Intentar de nuevo',
  startHere: 'Empezar de nuevo en este navegador',
  reference: 'Si pides ayuda, indica esta referencia:',
  detour: {
    title: (connectors) => `Para usar ${connectors}, abre esta página en tu navegador`,
    why: 'Este inicio de sesión no funciona dentro de una app.',
    copy: 'Mantén pulsada esta dirección y cópiala:',
    paste: 'Pégala en tu navegador, por ejemplo Safari o Chrome, y continúa allí.',
    hold: 'O mantén pulsado aquí para abrirla',
    website: (skill) =>
      `También puedes empezar en el navegador: busca ${skill} entre las skills de Alexa en el sitio web de Amazon y activa la skill allí.`,
    anyway: 'O inténtalo aquí de todos modos:',
  },
  messages: {
    'bad-client': [
      'Esta skill no se puede vincular en este momento',
      'La skill no está bien configurada; tu cuenta no tiene ningún problema. Avisa al proveedor de la skill e indícale la referencia que aparece abajo. Solo él puede solucionarlo.',
    ],
    'bad-request': [
      'Falta algo',
      'Esta página se ha abierto de una forma inesperada y no podemos continuar. Vuelve a la app Alexa y empieza de nuevo.',
    ],
    expired: [
      'Este intento ha caducado',
      'La vinculación se tiene que completar en menos de una hora. Vuelve a la app Alexa y empieza de nuevo.',
    ],
    finished: [
      'Este intento ya ha terminado',
      'Comprueba en la app Alexa si tu cuenta está vinculada. Si no lo está, empieza allí de nuevo.',
    ],
    'other-browser': [
      'La vinculación se inició en otro navegador',
      'Continúa donde pulsaste el botón o empieza de nuevo en la app Alexa.',
    ],
    'no-cookie': [
      'No podemos comprobar que este intento sea tuyo',
      'Has iniciado sesión, pero este navegador no ha devuelto la cookie que recibió al principio. Ocurre cuando el inicio de sesión se abre en otra app o cuando las cookies están bloqueadas. No se ha vinculado nada. Permite las cookies para esta página y empieza aquí de nuevo.',
    ],
    'upstream-unavailable': [
      'El servicio de inicio de sesión no responde',
      'Suele resolverse enseguida. Espera un momento y vuelve a intentarlo.',
    ],
    'upstream-misconfigured': [
      'El servicio de inicio de sesión ha rechazado la conexión',
      'Tiene que solucionarlo el proveedor de la skill; tu cuenta no tiene ningún problema. Indícale la referencia que aparece abajo.',
    ],
    'upstream-rejected': [
      'No se ha completado el inicio de sesión',
      'El servicio de inicio de sesión no lo ha aceptado esta vez. No se ha vinculado nada. Vuelve a intentarlo.',
    ],
    unavailable: [
      'Ahora mismo no podemos responder',
      'No se ha perdido nada. Espera un momento y vuelve a intentarlo. Si no funciona, empieza de nuevo en la app Alexa.',
    ],
    repaired: ['Ha vuelto a iniciar sesión', 'Alexa sigue funcionando con su cuenta. Puede cerrar esta página.'],
    'repair-cancelled': [
      'No ha cambiado nada',
      'No ha vuelto a iniciar sesión. La vinculación con Alexa sigue como antes.',
    ],
    'repair-other-account': [
      'Era otra cuenta',
      'Inicie sesión con la cuenta que está vinculada con Alexa. Para vincular otra, empiece en la aplicación Alexa. No se ha cambiado nada.',
    ],
    'repair-ended': [
      'Esta vinculación ha terminado',
      'Alexa ya no está vinculada con esta cuenta, así que iniciar sesión de nuevo no ayuda. Para vincularla otra vez, empiece en la aplicación Alexa.',
    ],
    'repair-expired': [
      'Esta dirección ha caducado',
      'Pida una nueva al creador de la skill. La vinculación con Alexa sigue como antes.',
    ],
    'not-found': ['Aquí no hay nada', 'Para vincular una cuenta, empieza en la app Alexa.'],
  },
};
