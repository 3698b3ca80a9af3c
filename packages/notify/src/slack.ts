import { post } from './http-post.ts';
import { type Message, type MessageItem, type Outcome, ownersText } from './message.ts';

// https://docs.slack.dev/reference/block-kit/blocks: 3,000 characters in a section, 150 in a header, 50 blocks.
const MOST_SECTION = 2900;
const MOST_HEADER = 150;
const MOST_ITEMS = 20;

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

function line({ severity, text, state, link }: MessageItem): string {
  const mark = state === 'resolved' ? 'resolved' : severity;
  return `*${mark}* ${cut(inMarkup(text), 300)} <${address(link)}|look>`;
}

/** The payload of a message for Slack, and for all that take what Slack takes. */
export function slackPayload(message: Message): {
  readonly text: string;
  readonly blocks: readonly object[];
} {
  const title = cut(message.title, MOST_HEADER);
  const shown = message.items.slice(0, MOST_ITEMS);
  const omitted = message.omitted + message.items.length - shown.length;
  const sections: string[] = [];
  for (const item of shown) {
    const next = line(item);
    const last = sections.at(-1);
    if (last !== undefined && last.length + next.length < MOST_SECTION)
      sections[sections.length - 1] = `${last}\n${next}`;
    else sections.push(next);
  }
  const foot = [
    `owned by ${inMarkup(ownersText(message.owners))}`,
    inMarkup(message.cluster),
    ...(omitted > 0 ? [`and ${omitted} more`] : []),
    `<${address(message.link)}|open in Bulwark>`,
  ];
  return {
    text: inMarkup(title),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: title, emoji: false } },
      ...sections.map((text) => ({ type: 'section', text: { type: 'mrkdwn', text } })),
      { type: 'context', elements: [{ type: 'mrkdwn', text: cut(foot.join(' · '), MOST_SECTION) }] },
    ],
  };
}

/** Sends a message to an incoming webhook of Slack's form. */
export function sendSlack(url: string, message: Message): Promise<Outcome> {
  return post(url, JSON.stringify(slackPayload(message)), {});
}
