//! The style: the files that `style/main.css` imports, joined into one sheet without comments and spaces.
//!
//! It changes nothing for older browsers: the style says which ones it is for.

use std::path::Path;

use anyhow::{Context, Result, anyhow};
use lightningcss::{
    bundler::{Bundler, FileProvider},
    printer::PrinterOptions,
    stylesheet::{MinifyOptions, ParserOptions},
};

/// Joins a style sheet with all that it imports.
///
/// # Errors
///
/// A file that is missing or that no browser would read whole, with the file and line at fault.
pub fn bundle(main: &Path) -> Result<String> {
    let files = FileProvider::new();
    let mut sheet = Bundler::new(&files, None, ParserOptions::default())
        .bundle(main)
        .map_err(|error| anyhow!("{error}"))
        .with_context(|| main.display().to_string())?;
    sheet.minify(MinifyOptions::default()).map_err(|error| anyhow!("{error}"))?;
    let small = PrinterOptions { minify: true, ..PrinterOptions::default() };
    Ok(sheet.to_css(small).map_err(|error| anyhow!("{error}"))?.code)
}

#[cfg(test)]
mod tests {
    use std::{env, fs, path::PathBuf, process};

    use super::{Context, Result, bundle};

    /// A folder of style files that goes with the test.
    struct Folder(PathBuf);

    impl Folder {
        fn of(name: &str, files: &[(&str, &str)]) -> Result<Self> {
            let folder = env::temp_dir().join(format!("valence-style-{name}-{}", process::id()));
            fs::create_dir_all(&folder)?;
            for (name, content) in files {
                fs::write(folder.join(name), content)?;
            }
            Ok(Self(folder))
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn layers_stand_in_the_order_that_the_sheet_gives_them() -> Result<()> {
        let main = "/* Why. */ @layer a, b; @import \"two.css\" layer(b); @import \"one.css\" layer(a);";
        let folder = Folder::of(
            "order",
            &[("main.css", main), ("one.css", "p { margin: 0px }"), ("two.css", "a { color: red }")],
        )?;
        let sheet = bundle(&folder.0.join("main.css"))?;
        assert_eq!(sheet, "@layer a{p{margin:0}}@layer b{a{color:red}}");
        Ok(())
    }

    #[test]
    fn what_newer_browsers_know_stays_as_it_is() -> Result<()> {
        let main = "p { color: light-dark(#fff, #000); field-sizing: content; text-wrap: pretty }";
        let folder = Folder::of("newer", &[("main.css", main)])?;
        let sheet = bundle(&folder.0.join("main.css"))?;
        assert_eq!(sheet, "p{color:light-dark(#fff,#000);field-sizing:content;text-wrap:pretty}");
        Ok(())
    }

    #[test]
    fn a_missing_file_is_told_by_the_place_of_its_import() -> Result<()> {
        let folder = Folder::of("missing", &[("main.css", "@layer a;\n@import \"gone.css\";")])?;
        let error = bundle(&folder.0.join("main.css")).expect_err("there is no such file");
        // Lines count from 0.
        assert!(format!("{error:#}").contains("main.css:1:1"), "{error:#}");
        Ok(())
    }

    #[test]
    fn every_file_of_the_style_is_imported() -> Result<()> {
        let style = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../style"));
        let main = fs::read_to_string(style.join("main.css"))?;
        for file in fs::read_dir(style)? {
            let name = file?.file_name().into_string().ok().context("a name")?;
            assert!(
                name == "main.css" || main.contains(&format!("\"{name}\"")),
                "nothing imports style/{name}"
            );
        }
        Ok(())
    }
}
