import ArgumentParser
import FileFormats
import Workflows

/// `interphase export lammps`: a data file and a script.
struct ExportLAMMPS: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lammps",
    abstract: "Writes NAME.data and the script in.NAME for LAMMPS.",
    discussion: """
      The cell is turned into LAMMPS's form; the data file says how, and --structure of \
      interphase analyze turns it back. Ids are the atoms' order; regions and layers become \
      groups. The script includes NAME.pair, in which you write pair_style and pair_coeff.

      Example: interphase export lammps contact.extxyz -o contact
      Then: lmp -in in.contact, and interphase analyze bonds contact.lammpstrj \
      --structure contact.extxyz --cluster PS4
      """)

  @Argument(help: "The structure.")
  var file: String

  @OptionGroup var settings: ExportOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard common.output != nil else { throw ValidationError("give the name with -o NAME") }
  }

  func run() throws {
    let settings = try settings.run()
    let structure = try StructureFile.read(file)
    let export = try LAMMPSExport(structure, run: settings)
    let files = try export.write(to: common.output ?? "")
    if export.data.cell.isReversed {
      common.say(
        "interphase: the cell is left-handed; LAMMPS gets -c in place of c, and no atom moves")
    }
    if common.json {
      return try common.printJSON(ExportResult(atoms: structure.count, files: files))
    }
    print("\(structure.count) atoms: \(files.joined(separator: ", "))")
  }
}
