try {
  const { default: start } = await import("{js}");
  await start({ module_or_path: "{wasm}" });
} catch (error) {
  document.documentElement.dataset.failed = "";
  throw error;
}
