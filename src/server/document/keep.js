{
  const box = document.querySelector("#text, #lines");
  const name = `valence.${box.id}`;
  const isOff = () =>
    localStorage.getItem("valence.history.off") !== null ||
    document.querySelector(":root[data-hydrated] .history [type=checkbox]:not(:checked)") !== null;
  try {
    const kept = sessionStorage.getItem(name);
    sessionStorage.removeItem(name);
    const query = new URLSearchParams(location.search);
    if (kept && !box.value && !query.has("text") && !query.has("z") && !isOff()) box.value = kept;
  } catch {}
  // A browser that kept the page whole shows it again without running the above.
  addEventListener("pageshow", ({ persisted }) => {
    try {
      if (persisted) sessionStorage.removeItem(name);
    } catch {}
  });
  addEventListener("pagehide", () => {
    try {
      sessionStorage.removeItem(name);
      if (box.value && !isOff()) sessionStorage.setItem(name, box.value);
    } catch {}
  });
}
