// The phone's own way to share, where there is one. Copying the link is in interface.js; the e-mail needs no script.
for (const button of document.querySelectorAll("[data-share]")) {
  if (!navigator.share) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    navigator.share({ title: button.dataset.title, url: button.dataset.share }).catch(() => {}); // closed without sharing: nothing to say
  });
}
