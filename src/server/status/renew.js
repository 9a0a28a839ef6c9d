const figures = document.getElementById("figures");
setInterval(async () => {
  if (document.hidden) return;
  try {
    const answer = await fetch("/status");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    figures.replaceChildren(...page.getElementById("figures").childNodes);
  } catch {
    const state = figures.querySelector(".status__state");
    state.dataset.tone = "negative";
    state.textContent = "No answer from the server";
  }
}, 5000);
