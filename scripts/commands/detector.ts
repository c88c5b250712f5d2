import type { Command } from 'commander';
import { Detectors } from '../../engine/model/detector-folder.js';
import { tryDetector } from '../../engine/try-detector.js';
import { userPath } from '../cli-paths.js';
import { configOf, withConfig } from '../command-options.js';

type DetectorOptions = Record<string, unknown>;

/** `likeness detector`: networks that find the subjects of pictures, in place of the backbone's activation. */
export function addDetector(program: Command): void {
  const detector = program
    .command('detector')
    .description(
      'list, add and remove networks that find the subjects of pictures; --detector of serve names the one in use',
    );
  const command = (name: string, description: string) =>
    withConfig(detector.command(name), ['dataDir']).description(description);
  command('list', 'the installed detectors').action(list);
  command('add', 'install an ONNX detector of the YOLOX kind')
    .argument('<onnx>', 'the network')
    .requiredOption('--manifest <file>', 'its manifest: input, size, output, classes; the hash may be left out')
    .action(add);
  command('remove', 'remove a detector').argument('<name>').action(remove);
}

function detectorsOf(options: DetectorOptions): Detectors {
  return new Detectors(configOf(options).dataDir);
}

async function list(options: DetectorOptions): Promise<void> {
  const detectors = detectorsOf(options);
  for (const name of await detectors.names()) {
    const { manifest } = await detectors.load(name);
    process.stdout.write(`${name}  ${manifest.size} px, ${manifest.classes.length} classes, ${manifest.licence}\n`);
  }
}

async function add(onnx: string, options: DetectorOptions & { manifest: string }): Promise<void> {
  const { manifest } = await detectorsOf(options).add(userPath(onnx), userPath(options.manifest), tryDetector);
  process.stdout.write(`added ${manifest.name}; to use it: likeness serve --detector ${manifest.name}\n`);
}

async function remove(name: string, options: DetectorOptions): Promise<void> {
  await detectorsOf(options).remove(name);
  process.stdout.write(`removed ${name}\n`);
}
