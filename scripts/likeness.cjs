#!/usr/bin/env node
// The entry of the command line. CommonJS, because the size of libuv's thread pool, which decodes pictures and reads
// files, is fixed at its first use, and loading an ES module uses it.
'use strict';
const { availableParallelism } = require('node:os');
process.env.UV_THREADPOOL_SIZE ??= String(Math.max(4, Math.min(64, availableParallelism() + 2)));
// onnxruntime would report its use to its maker otherwise; read when its library is loaded, in whatever thread
process.env.ORT_DISABLE_TELEMETRY ??= '1';
void import('../dist/scripts/cli.js');
