import ArgumentParser
import Atomistics
import Interfaces

/// What holds together in a slab, and with which charges its polarity is counted.
struct TerminationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A cluster besides PS4, BH4, BF4 and CN, e.g. 'NO3: N-O3, 1.25 Å, -1'; may be repeated.",
      valueName: Cluster.grammar))
  var cluster: [String] = []

  @Flag(help: "Let cuts pass through clusters.") var cutClusters = false

  @Option(help: "Formal charges by element, in e, e.g. 'Li=1,S=-2', in place of the usual ones.")
  var charges: String?

  /// The known clusters and those of the command line.
  func clusters() throws -> [Cluster] {
    try Cluster.known(and: cluster.map { try Cluster(parsing: $0) })
  }

  /// The crystal made ready for cleavage; clusters of the command line must be in it.
  func crystal(_ structure: Structure) throws -> CleavableCrystal {
    for text in cluster { try Cluster(parsing: text).requirePresence(in: structure) }
    let crystal = CleavableCrystal(
      structure, clusters: try clusters(), cutsClusters: cutClusters,
      charges: try charges.map(FormalCharges.reading) ?? [:])
    try crystal.validate()
    // Charges that were typed must be right; the usual ones may not be known.
    if charges != nil { _ = try crystal.charges.get() }
    return crystal
  }
}
