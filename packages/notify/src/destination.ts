import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/**
 * Where nothing is ever sent: link-local addresses (RFC 3927, RFC 4291 2.5.6), which are of one machine and hold its
 * credentials in clouds, and the addresses outside of them at which clouds answer the same: Alibaba, Oracle, Azure, AWS, Google.
 */
const FORBIDDEN_V4 = [
  ['169.254.0.0', 16],
  ['100.100.100.200', 32],
  ['192.0.0.192', 32],
  ['168.63.129.16', 32],
] as const;
const FORBIDDEN_V6 = [
  ['fe80::', 10],
  ['fd00:ec2::254', 128],
  ['fd20:ce::254', 128],
] as const;
/** IPv6 addresses that stand for one of IPv4: mapped, compatible (RFC 4291 2.5.5), NAT64 (RFC 6052 2.1). */
const PREFIXES_OF_V4 = ['::ffff:', '::', '64:ff9b::'];
const BITS_OF_PREFIX = 96;

const FORBIDDEN = new BlockList();
for (const [network, bits] of FORBIDDEN_V4) {
  FORBIDDEN.addSubnet(network, bits, 'ipv4');
  for (const prefix of PREFIXES_OF_V4)
    FORBIDDEN.addSubnet(`${prefix}${network}`, BITS_OF_PREFIX + bits, 'ipv6');
}
for (const [network, bits] of FORBIDDEN_V6) FORBIDDEN.addSubnet(network, bits, 'ipv6');

/** Says that something leads to where nothing is sent. */
export class ForbiddenDestination extends Error {
  constructor() {
    super('it leads to a link-local address or to the metadata of a cloud, where nothing is sent');
    this.name = 'ForbiddenDestination';
  }
}

/** Whether a host is an address to which nothing is sent; names are known when they are resolved. */
export function isForbidden(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  const family = isIP(address);
  return family !== 0 && FORBIDDEN.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

/**
 * Resolves a name for a connection, to the very addresses that are then connected to. A name of which one address is
 * forbidden is refused whole: it is made to lead there.
 */
export const lookUp: LookupFunction = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    const [first] = found ?? [];
    if (error !== null) done(error, []);
    else if (found.some(({ address }) => isForbidden(address))) done(new ForbiddenDestination(), []);
    else if (options.all === true) done(null, found);
    else done(null, first?.address ?? '', first?.family);
  });
};
