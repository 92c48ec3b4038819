import ArgumentParser

/// `interphase export`: a structure as the input of another program.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a structure as the input of GPUMD or LAMMPS.",
    discussion: """
      The trajectories of both are read by interphase analyze; --structure gives them back the \
      regions and layers.

      Example: interphase export gpumd contact.extxyz -o run1 --potential nep89
      """,
    subcommands: [ExportGPUMD.self, ExportLAMMPS.self])
}
