import ArgumentParser
import FileFormats
import Foundation
import Potentials
import Workflows

/// `--potential P` and `--threads N`, for the verbs that evaluate one.
struct PotentialOptions: ParsableArguments {
  @Option(help: "The potential's name, or the path of a nep.txt file.")
  var potential: String

  @OptionGroup var threading: ThreadOptions

  func validate() throws {
    guard (threading.threads ?? 1) >= 1 else { throw ValidationError("--threads is at least 1") }
  }

  func load() throws -> PotentialFile {
    try PotentialFile(
      potential, threads: threading.threads ?? ProcessInfo.processInfo.activeProcessorCount)
  }
}
