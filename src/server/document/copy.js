for (const button of document.querySelectorAll("button")) {
  const label = button.firstElementChild;
  const say = (words) => {
    label.textContent = words;
    setTimeout(() => (label.textContent = "Copy"), 2000);
  };
  button.hidden = false;
  button.onclick = async () => {
    try {
      await navigator.clipboard.writeText(button.parentElement.querySelector("code").textContent);
      say("Copied");
    } catch {
      say("Copying is not allowed here");
    }
  };
}
