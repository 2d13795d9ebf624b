/// Whether the build has a sanitizer inside (`scripts/sanitize`): it needs far more address space than a program that is
/// measured, and its own handlers don't get along with limits of a process.
public let isSanitized: Bool = {
  #if SANITIZED
    true
  #else
    false
  #endif
}()
