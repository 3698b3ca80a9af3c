/** A range of addresses of one family, both ends included. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

const BITS = { 4: 32n, 6: 128n } as const;
const DECIMAL = /^(0|[1-9]\d{0,2})$/;
const HEXADECIMAL = /^[0-9a-f]{1,4}$/i;

function parseIpv4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => DECIMAL.test(part) && Number(part) < 256))
    return undefined;
  return parts.reduce((value, part) => value * 256n + BigInt(part), 0n);
}

/** The 16-bit groups of one side of `::`; the last may be written as an IPv4 address. */
function groupsOf(text: string): string[] {
  if (text === '') return [];
  return text.split(':').flatMap((part) => {
    const embedded = part.includes('.') ? parseIpv4(part) : undefined;
    return embedded === undefined
      ? [part]
      : [(embedded >> 16n).toString(16), (embedded & 0xffffn).toString(16)];
  });
}

function parseIpv6(text: string): bigint | undefined {
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) return undefined;
  const [before, after] = [groupsOf(head), groupsOf(tail ?? '')];
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...before, ...Array<string>(missing).fill('0'), ...after];
  if (!groups.every((group) => HEXADECIMAL.test(group))) return undefined;
  return groups.reduce((value, group) => value * 0x10000n + BigInt(`0x${group}`), 0n);
}

/** Reads a range such as `10.0.0.0/8` or `2001:db8::/32`; undefined when it is none. */
export function parseCidr(text: string): AddressRange | undefined {
  const [address = '', length, ...more] = text.split('/');
  if (length === undefined || more.length > 0 || !DECIMAL.test(length)) return undefined;
  const family = address.includes(':') ? 6 : 4;
  const value = family === 6 ? parseIpv6(address) : parseIpv4(address);
  const free = BITS[family] - BigInt(length);
  if (value === undefined || free < 0n) return undefined;
  const first = (value >> free) << free;
  return { family, first, last: first + (1n << free) - 1n };
}

/** Whether a range lies in another. */
export function isWithin(inner: AddressRange, outer: AddressRange): boolean {
  return inner.family === outer.family && inner.first >= outer.first && inner.last <= outer.last;
}

/** Whether a range holds every address of its family. */
export function isEveryAddress({ family, first, last }: AddressRange): boolean {
  return first === 0n && last === (1n << BITS[family]) - 1n;
}
