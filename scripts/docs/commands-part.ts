import type { Command } from 'commander';
import { buildProgram } from '../program.js';
import { markdownTable } from './markdown.js';

/** @returns every command with its arguments and options, as `--help` has them. */
export function commandsPart(): string {
  return buildProgram()
    .commands.flatMap((command) => describe(command, 'likeness'))
    .join('\n\n');
}

function describe(command: Command, parent: string): string[] {
  const name = `${parent} ${command.name()}`;
  const nested = command.commands.flatMap((child) => describe(child, name));
  if (command.commands.length > 0) return nested;
  const usage = `    ${name} ${command.usage()}`;
  const heading = `## ${name}`;
  return [[heading, sentence(command.description()), usage, facts(command)].filter((text) => text !== '').join('\n\n')];
}

function facts(command: Command): string {
  const rows = [
    ...command.registeredArguments.map((argument) => [`\`${argument.name()}\``, argument.description]),
    ...command.options.map((option) => [`\`${option.flags}\``, withDefault(option.description, option.defaultValue)]),
  ];
  return rows.length === 0 ? '' : markdownTable(['argument or option', 'what it is'], rows);
}

function withDefault(description: string, value: unknown): string {
  const isPlain = typeof value === 'string' || typeof value === 'number';
  return isPlain && !description.includes('default:') ? `${description} (default: ${value})` : description;
}

function sentence(text: string): string {
  return text === '' ? '' : `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}
