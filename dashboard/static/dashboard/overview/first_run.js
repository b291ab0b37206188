// The overview of an unused store: what is to be pasted can be copied. htmx ticks the steps.

import { copyOnClick } from "../calls/copy.js";

copyOnClick();
if (navigator.clipboard) for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
