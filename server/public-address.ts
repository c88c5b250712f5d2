import ipaddr from 'ipaddr.js';

/**
 * @returns whether an address lies in the public internet. Everything else is refused: private, loopback, link-local,
 * unique-local, carrier-grade NAT, multicast, reserved, and every IPv6 range that carries an IPv4 address inside
 * (mapped, NAT64, 6to4, Teredo), since a translator would take it to wherever that points.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  // `unicast` is what is in no special range of RFC 6890 and its kin
  return ipaddr.parse(text).range() === 'unicast';
}
