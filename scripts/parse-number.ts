import { InvalidArgumentError } from 'commander';

/** @returns the number that an option's text is. @throws if it is none */
export function parseNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new InvalidArgumentError(`expected a number, got ${text}`);
}
