import type { Texts } from './texts.js';

export const it: Texts = {
  linkTitle: (skill) => `Collega ${skill} al tuo account Alexa`,
  linkIntro: (tenant) => ['Accedi con l’account che usi con ', tenant, '. Alexa potrà poi usarlo per te.'],
  linkNote: 'Alexa non vede mai la tua password. Puoi scollegare l’account in qualsiasi momento nell’app Alexa.',
  repairTitle: (skill) => `Continua a usare ${skill} con Alexa`,
  repairIntro: (connector) => `Accedi di nuovo con ${connector}, con lo stesso account di prima.`,
  repairNote: 'Il collegamento con Alexa resta com’è. Non c’è nulla da fare nell’app Alexa.',
  continueWith: (connector) => `Continua con ${connector}`,
  cancel: 'Annulla',
  tryAgain: 'Riprova',
  startHere: 'Ricomincia in questo browser',
  reference: 'Se contatti l’assistenza, indica questo riferimento:',
  detour: {
    title: (connectors) => `Per usare ${connectors}, apri questa pagina nel browser`,
    why: 'Questo accesso non funziona all’interno di un’app.',
    copy: 'Tieni premuto questo indirizzo e copialo:',
    paste: 'Incollalo nel browser, ad esempio Safari o Chrome, e continua da lì.',
    hold: 'Oppure tieni premuto qui per aprirlo',
    website: (skill) =>
      `Puoi anche iniziare dal browser: cerca ${skill} tra le skill Alexa sul sito di Amazon e attiva la skill da lì.`,
    anyway: 'Oppure prova comunque qui:',
  },
  messages: {
    'bad-client': [
      'Al momento questa skill non può essere collegata',
      'La skill non è configurata correttamente; il tuo account non c’entra. Avvisa il fornitore della skill e comunicagli il riferimento qui sotto. Solo il fornitore può risolvere.',
    ],
    'bad-request': [
      'Manca qualcosa',
      'Questa pagina è stata aperta in modo imprevisto e non possiamo continuare. Torna all’app Alexa e ricomincia il collegamento.',
    ],
    expired: [
      'Questo tentativo è scaduto',
      'Il collegamento va completato entro un’ora. Torna all’app Alexa e ricomincia.',
    ],
    finished: [
      'Questo tentativo è concluso',
      'Controlla nell’app Alexa se il tuo account è collegato. In caso contrario, ricomincia da lì.',
    ],
    'other-browser': [
      'Il collegamento è iniziato in un altro browser',
      'Continua dove hai premuto il pulsante, oppure ricomincia nell’app Alexa.',
    ],
    'no-cookie': [
      'Non possiamo verificare che questo tentativo sia tuo',
      'Hai effettuato l’accesso, ma questo browser non ha restituito il cookie ricevuto all’inizio. Succede quando l’accesso si apre in un’altra app o quando i cookie sono bloccati. Non è stato collegato nulla. Consenti i cookie per questa pagina e ricomincia qui.',
    ],
    'upstream-unavailable': [
      'Il servizio di accesso non risponde',
      'Di solito si risolve in fretta. Attendi un momento e riprova.',
    ],
    'upstream-misconfigured': [
      'Il servizio di accesso ha rifiutato la connessione',
      'Deve occuparsene il fornitore della skill; il tuo account non c’entra. Comunicagli il riferimento qui sotto.',
    ],
    'upstream-rejected': [
      'L’accesso non è stato completato',
      'Questa volta il servizio di accesso non lo ha accettato. Non è stato collegato nulla. Riprova.',
    ],
    unavailable: [
      'Al momento non possiamo rispondere',
      'Non è andato perso nulla. Attendi un momento e riprova. Se non basta, ricomincia nell’app Alexa.',
    ],
    repaired: [
      'Hai effettuato di nuovo l’accesso',
      'Alexa continua a funzionare con il tuo account. Puoi chiudere questa pagina.',
    ],
    'repair-cancelled': [
      'Non è cambiato nulla',
      'Non hai effettuato di nuovo l’accesso. Il collegamento con Alexa è come prima.',
    ],
    'repair-other-account': [
      'Era un altro account',
      'Accedi con l’account collegato ad Alexa. Per collegarne un altro, inizia nell’app Alexa. Non è stato cambiato nulla.',
    ],
    'repair-ended': [
      'Questo collegamento è terminato',
      'Alexa non è più collegata a questo account, quindi accedere di nuovo non serve. Per collegarlo ancora, inizia nell’app Alexa.',
    ],
    'repair-expired': [
      'Questo indirizzo è scaduto',
      'Chiedine uno nuovo a chi ha creato la skill. Il collegamento con Alexa è come prima.',
    ],
    'not-found': ['Qui non c’è nulla', 'Per collegare un account, inizia dall’app Alexa.'],
  },
};
