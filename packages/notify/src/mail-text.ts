import {
  environmentsText,
  factsOf,
  type Message,
  type MessageItem,
  momentText,
  ownAction,
  ownersText,
} from './message.ts';

/** Names of objects must not make lines or headers of a mail. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').trim();
}

/** What leads on, by name. */
function linksOf({
  change,
  link,
  about,
  omitted,
  told,
  items,
}: Message): readonly (readonly [string, string])[] {
  const count = items.length + omitted + told;
  const name =
    about !== 'findings' ? 'Open in Bulwark' : count === 1 ? 'This finding' : `These ${count} findings`;
  return [[name, link], ...(change === null ? [] : [['The change', change.link] as const])];
}

function footOf({ owners, environments, cluster, about }: Message): string {
  const whose = `Owner: ${ownersText(owners)}. Environment: ${environmentsText(environments)}. `;
  return oneLine(`${about === 'findings' ? whose : ''}Cluster: ${cluster}.`);
}

function markOf({ state, severity }: MessageItem): string {
  return state === 'resolved' ? 'resolved' : severity;
}

/** A message as a plain text mail: what happened, why it matters, what to do, and one finding a paragraph with its address. */
export function mailText(message: Message): string {
  const facts = factsOf(message).map(([name, text]) => `${name}: ${oneLine(text)}`);
  const items = message.items.map((item) => {
    const own = ownAction(item, message);
    const action = own === null ? '' : `  Do: ${oneLine(own)}\n`;
    return `${markOf(item)}: ${oneLine(item.text)}\n${action}  ${item.link}`;
  });
  const more = message.omitted > 0 ? [`and ${message.omitted} more: ${message.link}`] : [];
  const links = linksOf(message).map(([name, link]) => `${name}: ${link}`);
  const head = [oneLine(message.title), ...facts].join('\n');
  return [head, ...items, ...more, [...links, footOf(message), sentAt(message)].join('\n')].join('\n\n');
}

function sentAt({ at }: Message): string {
  return `Written by Bulwark at ${momentText(at)}.`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return oneLine(text).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}

function anchor(link: string, name: string): string {
  return `<a href="${escaped(link)}">${escaped(name)}</a>`;
}

/** The same as HTML without pictures, styles from elsewhere or anything that runs. */
export function mailHtml(message: Message): string {
  const facts = factsOf(message).map(([name, text]) => `<p><b>${name}:</b> ${escaped(text)}</p>`);
  const items = message.items.map((item) => {
    const own = ownAction(item, message);
    const action = own === null ? '' : `<br>Do: ${escaped(own)}`;
    return `<li><b>${markOf(item)}</b> ${anchor(item.link, item.text)}${action}</li>`;
  });
  const more = message.omitted > 0 ? [`<p>${anchor(message.link, `and ${message.omitted} more`)}</p>`] : [];
  const links = linksOf(message).map(([name, link]) => anchor(link, name));
  return [
    '<!doctype html><html lang="en"><body style="font-family: sans-serif">',
    `<h3>${escaped(message.title)}</h3>`,
    ...facts,
    `<ul>${items.join('\n')}</ul>`,
    ...more,
    `<p>${links.join(' &middot; ')}</p>`,
    `<p>${escaped(footOf(message))} ${escaped(sentAt(message))}</p>`,
    '</body></html>',
  ].join('\n');
}
