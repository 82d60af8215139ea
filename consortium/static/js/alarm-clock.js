/* A worker's timer: pages in the background are slowed down to one a minute, workers are not. */

setInterval(() => postMessage("tick"), 10000);
