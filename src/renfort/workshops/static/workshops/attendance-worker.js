// Lets the page « Présences » of a session open again where there is no network. It answers nothing else, keeps a page one day
// and forgets it as soon as the site refuses it.

const CACHE = "presences-1";
const DAY = 86400000;
const PAGE = /\/presences\/\d+\/$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const page = async (request) => {
  const cache = await caches.open(CACHE);
  const name = new URL(request.url).pathname;
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) await cache.put(name, answer.clone());
    else await cache.delete(name);
    return answer;
  } catch (error) {
    const old = await cache.match(name);
    if (old && Date.now() - new Date(old.headers.get("Date")).getTime() < DAY) return old;
    await cache.delete(name);
    throw error;
  }
};

const asset = async (request) => {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(request.url, answer.clone());
    return answer;
  } catch (error) {
    const old = await cache.match(request.url);
    if (old) return old;
    throw error;
  }
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (PAGE.test(url.pathname)) event.respondWith(page(request));
  } else if (["style", "script", "font", "image"].includes(request.destination)) {
    event.respondWith(asset(request));
  }
});
