import { InvalidArgumentError } from 'commander';

/** @returns a parser of command line options that takes whole numbers of a range. */
export function parseInteger(lowest: number, highest: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= lowest && value <= highest) return value;
    throw new InvalidArgumentError(`expected a whole number from ${lowest} to ${highest}, got ${text}`);
  };
}
