# shellcheck shell=bash
# What shipping needs: the programs that judge crates, list them and gather their licences, the fuzzer,
# those that check and publish what is in deploy/, and those that build and run a container where no
# engine does.

licence_notices() {
    local version=0.9.3
    [[ $(cargo about --version 2>/dev/null) == *" $version" ]] && return
    # Optimized, for it compares texts: a minute in place of five.
    optimization=2 toolchain install_program cargo-about "$version" --locked --features cli
}

bill_of_materials() {
    local version=0.5.9
    [[ $(cargo cyclonedx --version 2>/dev/null) == *" $version" ]] && return
    toolchain install_program cargo-cyclonedx "$version" --locked
}

crate_audit() {
    local version=0.20.2
    [[ $(cargo deny --version 2>/dev/null) == *" $version" ]] && return
    toolchain install_program cargo-deny "$version" --locked
}

fuzzer() {
    have c++ || debian "a C++ compiler, for libFuzzer" g++
    local version=0.13.2
    [[ $(cargo fuzz --version 2>/dev/null) == *" $version" ]] && return
    toolchain install_program cargo-fuzz "$version" --locked
}

publishing_tools() {
    python_packages deploy deploy-venv "the tools that check and publish"
}

deploy_tools() {
    have shellcheck || debian "the checker of shell scripts" shellcheck
    python_packages deploy/ray ray-venv "Ray, which spreads a data set over machines"
}

image_tools() {
    have buildah debootstrap bwrap ip ||
        debian "what builds and runs a container" buildah debootstrap bubblewrap iproute2
}
