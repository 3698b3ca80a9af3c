import type { Channel } from './channel.ts';
import { MOST_ANSWER, post, triedAgain } from './http-post.ts';
import {
  type Attempt,
  cut,
  environmentsText,
  factsOf,
  type Message,
  type MessageItem,
  type Outcome,
  ownAction,
  ownersText,
} from './message.ts';

// https://docs.slack.dev/reference/block-kit/blocks: 3,000 characters in a section, 150 in a header, 50 blocks.
const MOST_SECTION = 2900;
const MOST_HEADER = 150;
const MOST_ITEMS = 20;
const MOST_TEXT = 300;
const MOST_ACTION = 200;
const MOST_FACT = 900;

/** What Slack reads as markup, in the only way it knows to escape it. */
function inMarkup(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** An address between the angle brackets of a link, which it must not end. */
function address(link: string): string {
  return link.replace(/[<>|\s]/g, encodeURIComponent).replaceAll('&', '&amp;');
}

/** The same as `cut` of what is escaped, which also stays whole. */
function cutMarkup(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/(?:\p{Cs}|&[a-z]{0,3})$/u, '')}…`;
}

function line(item: MessageItem, message: Message): string {
  const { severity, text, state, link } = item;
  const action = ownAction(item, message);
  const mark = state === 'resolved' ? 'resolved' : severity;
  const next = action === null ? '' : `\n    ${cutMarkup(inMarkup(action), MOST_ACTION)}`;
  return `*${mark}* ${cutMarkup(inMarkup(text), MOST_TEXT)} <${address(link)}|look>${next}`;
}

/** Lines in as few sections as hold them. */
function sectionsOf(lines: readonly string[]): readonly string[] {
  const sections: string[] = [];
  for (const next of lines) {
    const last = sections.at(-1);
    if (last !== undefined && last.length + next.length < MOST_SECTION)
      sections[sections.length - 1] = `${last}\n${next}`;
    else sections.push(next);
  }
  return sections;
}

function footOf(
  message: Message,
  { omitted, contact }: { omitted: number; contact: string | undefined },
): string {
  const { owners, environments, cluster, change, link, about } = message;
  const links = [
    `<${address(link)}|${omitted > 0 ? `and ${omitted} more, ` : ''}open in Bulwark>`,
    ...(change === null ? [] : [`<${address(change.link)}|the change>`]),
  ].join(' · ');
  const whose = [`owned by ${ownersText(owners)}`, `environment ${environmentsText(environments)}`];
  const forWhom = contact === undefined ? [] : [`for ${contact}`];
  const facts = inMarkup([...forWhom, ...(about === 'findings' ? whose : []), cluster].join(' · '));
  // A link that is cut leads nowhere, so that what is cut is the text before it.
  return `${cutMarkup(facts, Math.max(1, MOST_SECTION - links.length))} · ${links}`;
}

/**
 * The payload of a message for Slack, and for all that take what Slack takes.
 *
 * @param contact the channel that it is for, which it says wherever it is put; undefined for none.
 */
export function slackPayload(
  message: Message,
  contact?: string,
): { readonly text: string; readonly blocks: readonly object[] } {
  const title = cut(message.title, MOST_HEADER);
  const shown = message.items.slice(0, MOST_ITEMS);
  const omitted = message.omitted + message.items.length - shown.length;
  const facts = factsOf(message).map(([name, text]) => `*${name}:* ${cutMarkup(inMarkup(text), MOST_FACT)}`);
  const sections = [...sectionsOf(facts), ...sectionsOf(shown.map((item) => line(item, message)))];
  return {
    text: inMarkup(title),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: title, emoji: false } },
      ...sections.map((text) => ({ type: 'section', text: { type: 'mrkdwn', text } })),
      { type: 'context', elements: [{ type: 'mrkdwn', text: footOf(message, { omitted, contact }) }] },
    ],
  };
}

// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks: the channel of an app's webhook cannot be overridden.
const OF_SLACK = /^hooks\.slack(?:-gov)?\.com$/;

/**
 * Whether a webhook may keep to the channel that it was made for, whatever channel a message asks for. Those of Slack's apps do;
 * its older ones, which do not, have addresses like theirs.
 */
export function mayKeepToChannel(host: string): boolean {
  return OF_SLACK.test(host);
}

/**
 * Sends a message to an incoming webhook of Slack's form. Where the channel that it is for is refused, it goes to that of the
 * webhook.
 */
export async function sendSlack(
  { url, channel }: Extract<Channel, { readonly type: 'slack' }>,
  message: Message,
  attempt: Attempt,
): Promise<Outcome> {
  const payload = slackPayload(message, channel);
  const send = (body: object) => post(url.reveal(), { body: JSON.stringify(body), headers: {} }, attempt);
  if (channel === undefined) return triedAgain(await send(payload));
  const asked = await send({ channel, ...payload });
  if (asked.status !== 'refused') return asked;
  const usual = triedAgain(await send(payload));
  const refused = `; ${channel} was refused: ${asked.answer}`;
  return { ...usual, answer: `${usual.answer}${refused}`.slice(0, MOST_ANSWER) };
}
