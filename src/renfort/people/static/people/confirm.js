// The link of an e-mail confirms by itself in a browser; without script the button does. Programs that only read pages change nothing.
const form = document.querySelector("form[data-autosubmit=now]");
if (form && document.visibilityState === "visible") form.requestSubmit();
