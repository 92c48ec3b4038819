import ArgumentParser
import FileFormats
import Potentials
import Workflows

/// `--potential P` and `--threads N`, for the verbs that evaluate one.
struct PotentialOptions: ParsableArguments {
  @Option(help: "The potential's name, or the path of a nep.txt file.")
  var potential: String

  @OptionGroup var threading: ThreadOptions

  func load() throws -> PotentialFile {
    try PotentialFile(potential, threads: threading.count)
  }
}
