import type { Texts } from './en.js';

/** Words about links that are brought from another server. */
export const DE_IMPORTS: Pick<Texts, 'imports'> = {
  imports: {
    title: 'Import',
    text: 'Verknüpfungen, die vorher ein anderer Server gemacht hat. Die Haushalte merken nichts davon.',
    list: 'Importe',
    one: 'Import',
    empty: 'Es wurde nichts importiert',
    emptyText:
      'Hat Ihr Skill Haushalte an einem anderen Server verknüpft, holen Sie sie hierher: Niemand muss neu verknüpfen.',
    state: 'Zustand',
    states: {
      staged: 'nicht begonnen',
      running: 'läuft',
      held: 'aufgehalten',
      done: 'fertig',
      cancelled: 'aufgegeben',
    },
    pending: 'Wartet auf den Nachweis',
    adopted: 'Übernommen',
    used: 'Von Alexa benutzt',
    refused: 'Abgelehnt',
    keepUntil: 'Alte Tokens bis',
    begun: 'Begonnen',
    open: (skill, id) => `Import ${id} von ${skill}`,
    named: (skill, connector) => `${skill} / ${connector}`,
    of: (some, all) => `${String(some)} von ${String(all)}`,
    keptUntil: 'Alte Tokens gelten bis',
    by: (name) => `begonnen von ${name}`,
    start: 'Beginnen',
    cancel: 'Den Rest aufgeben',
    cancelTitle: 'Aufgeben, was nicht nachgewiesen ist?',
    cancelText:
      'Wartende Zeilen werden mit ihren Tokens vergessen, und Alexa wird für sie abgelehnt. Was inzwischen beim Anbieter erneuert wurde, gilt am alten Server vielleicht nicht mehr. Übernommene Verknüpfungen bleiben.',
    cancelled: (count) => `${String(count)} Zeilen wurden aufgegeben`,
    progress: 'Fortschritt',
    progressText:
      'Eine Verknüpfung ist übernommen, sobald der Anbieter gesagt hat, wessen Tokens es sind. Benutzt ist sie, sobald Alexa ihr altes Token hierher gebracht hat.',
    held: (count) =>
      `${String(count)} Zeilen werden aufgehalten und von selbst wieder versucht. Warum, steht weiter unten.`,
    share: (percent) => `${String(percent)} %`,
    troubled: 'Zeilen mit Schwierigkeiten',
    filters: { refused: 'Abgelehnt', pending: 'Aufgehalten' },
    noTrouble: { refused: 'Keine Zeile wurde abgelehnt', pending: 'Keine Zeile wird aufgehalten' },
    noTroubleText: 'Was mit einer Zeile nicht geht, steht hier, mit ihrer Nummer in der Datei.',
    lineNumber: 'Zeile',
    subject: 'Subject',
    reason: 'Warum',
    howTo: 'So kommen Verknüpfungen hierher',
    howToText: 'Auf der Maschine, auf der die Installation läuft; docs/import.md hat jeden Schritt.',
    steps: [
      'Lassen Sie die Token-Adresse des alten Servers ab jetzt 503 antworten: Alexa fragt wieder.',
      'Exportieren Sie seine Verknüpfungen, mit dem SHA-256 der Refresh-Tokens, die Alexa hat.',
      'Prüfen Sie die Datei und bringen Sie sie dann hierher.',
      'Lassen Sie die alten Adressen auf den Broker zeigen und sehen Sie zu, wie die Verknüpfungen benutzt werden.',
    ],
    check: 'Die Datei prüfen; geschrieben wird nichts',
    bring: 'Sie hierher bringen und auf den Nachweis warten',
    line: 'Eine Zeile der Datei',
    hashes:
      'Alexas Tokens kommen nur als SHA-256, hexadezimal oder base64url. Was der Anbieter gab, wird bei der Ankunft versiegelt.',
  },
};
