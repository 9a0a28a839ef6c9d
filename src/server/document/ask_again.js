document.getElementById("model").onchange = ({ target: model }) => {
  for (const tab of document.querySelectorAll(".tabs a")) {
    const url = new URL(tab.href);
    url.searchParams.delete("model");
    if (model.selectedIndex) url.searchParams.set("model", model.value);
    tab.href = url;
  }
  const form = model.form;
  if (form && form.elements.text.value.trim()) {
    form.requestSubmit();
  } else {
    const tab = document.querySelector(".tabs [aria-current]");
    history.replaceState(null, "", tab.href);
    tell(tab.search);
  }
};
