import ArgumentParser
import FileFormats
import Workflows

/// `interphase export gpumd`: a directory in which GPUMD runs.
struct ExportGPUMD: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gpumd",
    abstract: "Writes model.xyz, run.in, the potential and a README for GPUMD.",
    discussion: """
      Atoms keep their order; regions and layers become groups. The defaults are the paper's run, \
      20 ps to equilibrate and 200 ps at 300 K.

      Example: interphase export gpumd contact.extxyz -o run1 --potential nep.txt
      Then: cd run1, gpumd, and interphase analyze bonds dump.xyz --structure model.xyz \
      --cluster PS4
      """)

  @Argument(help: "The structure.")
  var file: String

  @Option(help: "The potential's name, or the path of a nep.txt file.")
  var potential: String

  @OptionGroup var settings: ExportOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard common.output != nil else { throw ValidationError("give the directory with -o DIR") }
  }

  func run() throws {
    let directory = common.output ?? "."
    let settings = try settings.run()
    let structure = try StructureFile.read(file)
    let path = try PotentialLibrary.resolve(potential)
    let files = try GPUMDExport(structure, potential: path, run: settings).write(to: directory)
      .map { "\(directory)/\($0)" }
    if common.json {
      return try common.printJSON(ExportResult(atoms: structure.count, files: files))
    }
    print("\(structure.count) atoms: \(files.joined(separator: ", "))")
  }
}
