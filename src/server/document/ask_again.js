document.getElementById("model").onchange = ({ target: model }) => {
  for (const tab of document.querySelectorAll(".tabs a")) {
    const url = new URL(tab.href);
    const chosen = model.selectedIndex ? [["model", model.value]] : [];
    const others = [...url.searchParams].filter(([name]) => name != "model");
    url.search = new URLSearchParams([...chosen, ...others]);
    tab.href = url;
  }
  for (const line of document.querySelectorAll(".models__language")) line.hidden = line.dataset.model != model.value;
  const form = model.form;
  if (form && form.elements.text.value.trim()) {
    form.requestSubmit();
  } else {
    const tab = document.querySelector(".tabs [aria-current]");
    history.replaceState(null, "", tab.href);
    tell(tab.search);
  }
};
