//! The migrations are compiled in; a file that is added must be noticed as well.

fn main() {
    println!("cargo::rerun-if-changed=../migrations");
}
