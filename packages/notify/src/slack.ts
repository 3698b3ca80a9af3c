import { post } from './http-post.ts';
import {
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

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

function line(item: MessageItem, message: Message): string {
  const { severity, text, state, link } = item;
  const action = ownAction(item, message);
  const mark = state === 'resolved' ? 'resolved' : severity;
  const next = action === null ? '' : `\n    ${cut(inMarkup(action), MOST_ACTION)}`;
  return `*${mark}* ${cut(inMarkup(text), MOST_TEXT)} <${address(link)}|look>${next}`;
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

function footOf(message: Message, omitted: number): string {
  const { owners, environments, cluster, change, link, about } = message;
  const links = [
    `<${address(link)}|${omitted > 0 ? `and ${omitted} more, ` : ''}open in Bulwark>`,
    ...(change === null ? [] : [`<${address(change.link)}|the change>`]),
  ].join(' · ');
  const whose = [`owned by ${ownersText(owners)}`, `environment ${environmentsText(environments)}`];
  const facts = inMarkup([...(about === 'findings' ? whose : []), cluster].join(' · '));
  // A link that is cut leads nowhere, so that what is cut is the text before it.
  return `${cut(facts, Math.max(1, MOST_SECTION - links.length))} · ${links}`;
}

/**
 * The payload of a message for Slack, and for all that take what Slack takes.
 *
 * @param channel where the receiver is asked to put it; Slack's own webhooks of apps ignore that.
 */
export function slackPayload(
  message: Message,
  channel?: string,
): {
  readonly text: string;
  readonly blocks: readonly object[];
  readonly channel?: string;
} {
  const title = cut(message.title, MOST_HEADER);
  const shown = message.items.slice(0, MOST_ITEMS);
  const omitted = message.omitted + message.items.length - shown.length;
  const facts = factsOf(message).map(([name, text]) => `*${name}:* ${cut(inMarkup(text), MOST_FACT)}`);
  const sections = [...sectionsOf(facts), ...sectionsOf(shown.map((item) => line(item, message)))];
  return {
    ...(channel !== undefined && { channel }),
    text: inMarkup(title),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: title, emoji: false } },
      ...sections.map((text) => ({ type: 'section', text: { type: 'mrkdwn', text } })),
      { type: 'context', elements: [{ type: 'mrkdwn', text: footOf(message, omitted) }] },
    ],
  };
}

/** Sends a message to an incoming webhook of Slack's form. */
export function sendSlack(url: string, message: Message, channel?: string): Promise<Outcome> {
  return post(url, JSON.stringify(slackPayload(message, channel)), {});
}
