/**
 * The shapes of the API's messages (bot/messages.py). Only types: no browser loads this file.
 *
 * @typedef {{id: string, token: string}} Key What opens a conversation.
 * @typedef {{url: string | null, title: string, checked_on: string, page_date: string | null}} Source
 * @typedef {{opens: string, closes: string}} OpenSpan
 * @typedef {{id: string, name: string, helps_with: string, phones: {number: string, href: string, label: string | null}[],
 *   email: string | null, address: string | null, website: string | null, hours: string[], open_spans?: OpenSpan[],
 *   always_open?: boolean, unknown: string[], note: string | null, to_check: boolean, source: Source | null}} Contact
 * @typedef {{id: string, title: string, text: string, html: string, links: {url: string, title: string}[], contacts: Contact[],
 *   sources: Source[], reviewed: boolean, language: string, fallback_from: string | null}} Answer
 * @typedef {{title: string, payload: string}} Choice
 * @typedef {{id: number, at: string, sender: "newcomer" | "bot" | "expert" | "system", kind: string, status: string | null,
 *   text: string, html: string, language: string, dir: string, answer: Answer | null, alternatives: {id: string, title: string}[],
 *   buttons: Choice[], client_id: string | null, author: string | null,
 *   expert: {recommended: boolean, reason: string | null, contacts: Contact[]} | null}} Message
 * @typedef {{state: "queued" | "claimed" | "resolved" | "withdrawn" | "expired", who: string, present: boolean, place: number | null,
 *   human_speaks: boolean, appointment: {starts_at: string, ends_at: string, medium: "teams" | "phone", link: string | null} | null}} Case
 * @typedef {{language: string, municipality: string | null, audience: string | null}} Wishes How a conversation begins.
 * @typedef {{client_id: string, text?: string, payload?: string, title?: string}} Sent What is sent of a message.
 * @typedef {{name: string, words: string, body: Sent}} Outgoing A message that the service has not acknowledged yet.
 */
export {};
