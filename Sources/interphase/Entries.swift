import ArgumentParser

/// `interphase entries`: tables of phases from what a user has.
struct Entries: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make tables of phases and their energies.",
    subcommands: [
      EntriesCompute.self
    ])
}
