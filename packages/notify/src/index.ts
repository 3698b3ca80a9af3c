export type { Channel } from './channel.ts';
export { deliver, MOST_ATTEMPTS, waitAfter } from './deliver.ts';
export { isForbidden } from './destination.ts';
export { sendMail } from './mail.ts';
export {
  cut,
  type Message,
  type MessageChange,
  type MessageItem,
  type MessageRank,
  momentText,
  type Outcome,
} from './message.ts';
export { mayKeepToChannel } from './slack.ts';
export { isSigned, signature } from './webhook.ts';
