import { createHmac, timingSafeEqual } from 'node:crypto';

/** A session ends after this and is asked for again; the key itself stays nowhere. */
export const SESSION_SECONDS = 7 * 24 * 60 * 60;
const COOKIE = 'likeness_session';

/**
 * What a browser holds in place of an API key: an end, and its HMAC-SHA256 under the key. Nothing of it is stored here: it
 * ends with its time, or with the key.
 */
export function makeSession(key: string, endsAtS: number): string {
  return `${endsAtS}.${mac(key, endsAtS).toString('base64url')}`;
}

/** @returns that of the keys which the session was made of, if it has not ended; every key is tried, whichever fits. */
export function keyOfSession(session: string, keys: readonly string[], nowS: number): string | undefined {
  const [end = '', given = ''] = session.split('.');
  if (!/^\d{1,12}$/.test(end) || Number(end) <= nowS) return undefined;
  const bytes = Buffer.from(given, 'base64url');
  const fits = keys.filter((key) => {
    const expected = mac(key, Number(end));
    return bytes.length === expected.length && timingSafeEqual(bytes, expected);
  });
  return fits[0];
}

/** @returns the session that a Cookie header carries. */
export function sessionOf(cookies: string | undefined): string | undefined {
  return new RegExp(`(?:^|; )${COOKIE}=([^;]+)`).exec(cookies ?? '')?.[1];
}

/** @returns a Set-Cookie header: no script reads it, and no other site's page sends it. An empty session ends it. */
export function sessionCookie(session: string, secure: boolean): string {
  const seconds = session === '' ? 0 : SESSION_SECONDS;
  return `${COOKIE}=${session}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
}

function mac(key: string, endsAtS: number): Buffer {
  return createHmac('sha256', key).update(`likeness session until ${endsAtS}`).digest();
}
