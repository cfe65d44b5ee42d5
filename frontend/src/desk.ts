// The desk's script: server-rendered pages, made lively by htmx; islands load themselves where needed.
import htmx from "htmx.org";
import { startClock } from "./clock";
import { startFiles } from "./files";
import { startKeys } from "./keys";
import { startLive } from "./live";
import { startMaps } from "./map";
import { startMatrices } from "./matrix";
import { startMenus } from "./menus";
import { startPanes } from "./panes";
import { startPapers, startRosters } from "./roster";
import { startSearch } from "./search";
import { startSelects } from "./selects";
import { startTogether } from "./together";
import { keepTree, startTree } from "./tree";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.scrollIntoViewOnBoost = false;
htmx.config.historyCacheSize = 0;
htmx.config.refreshOnHistoryMiss = true;
// A refusal is a page too: what was wrong and what to do is shown where the answer would have been.
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[2345]..", swap: true },
];

startPanes();
keepTree();
startTree();
startSearch();
startClock();
startMatrices();
startTogether();
startKeys();
startMenus();
startPapers();
startFiles();
startLive();
startSelects();
htmx.onLoad(startMaps);
htmx.onLoad(startRosters);
