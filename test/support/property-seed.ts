import fc from 'fast-check';

/**
 * Property tests draw the same cases in every run, so that a change and not chance turns them red.
 * `LIKENESS_PROPERTY_SEED=N` draws others.
 */
fc.configureGlobal({ seed: Number(process.env['LIKENESS_PROPERTY_SEED'] ?? 20_260_101) });
