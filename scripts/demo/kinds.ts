import { apple } from './kinds/apple.js';
import { backpack } from './kinds/backpack.js';
import { beachSunset } from './kinds/beach-sunset.js';
import { bicycle } from './kinds/bicycle.js';
import { bottle } from './kinds/bottle.js';
import { butterfly } from './kinds/butterfly.js';
import { cactus } from './kinds/cactus.js';
import { chair } from './kinds/chair.js';
import { clock } from './kinds/clock.js';
import { fish } from './kinds/fish.js';
import { guitar } from './kinds/guitar.js';
import { handbag } from './kinds/handbag.js';
import { house } from './kinds/house.js';
import { lamp } from './kinds/lamp.js';
import { mountainLake } from './kinds/mountain-lake.js';
import { mug } from './kinds/mug.js';
import { nightCity } from './kinds/night-city.js';
import { sailingBoat } from './kinds/sailing-boat.js';
import { sneaker } from './kinds/sneaker.js';
import { sunflower } from './kinds/sunflower.js';
import { tShirt } from './kinds/t-shirt.js';
import { teapot } from './kinds/teapot.js';
import { umbrella } from './kinds/umbrella.js';
import { wristWatch } from './kinds/wrist-watch.js';
import type { Kind } from './kind.js';

/** Everything that the gallery shows. */
export const KINDS: readonly Kind[] = [
  apple,
  backpack,
  beachSunset,
  bicycle,
  bottle,
  butterfly,
  cactus,
  chair,
  clock,
  fish,
  guitar,
  handbag,
  house,
  lamp,
  mountainLake,
  mug,
  nightCity,
  sailingBoat,
  sneaker,
  sunflower,
  tShirt,
  teapot,
  umbrella,
  wristWatch,
];
