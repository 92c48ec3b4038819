import ArgumentParser

/// `interphase entries`: tables of phases from what users have.
struct Entries: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Makes tables of phases and their energies.",
    discussion: """
      Example: interphase entries collect mp.json own.extxyz -o phases.csv
      """,
    subcommands: [
      EntriesCollect.self,
      EntriesCompute.self,
    ])
}
