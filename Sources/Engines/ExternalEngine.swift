import Atomistics
import Foundation
import Sockets

/// A program that evaluates structures as a client of the i-PI protocol: the one extension point
/// for external codes.
///
/// A conforming type
/// 1. is a value that holds settings only; the program runs in `ExternalCalculator`;
/// 2. says before anything is started that the program is missing (`locate`), with the line that
///    installs it, and which elements its input cannot name (`validate`);
/// 3. writes the program's input into a directory of its own and says how to start it (`command`);
///    the program then connects to the socket and answers until it is sent away;
/// 4. has a `name` and a `recipe` that change whenever its numbers do: a run goes on, and labels go
///    together, only with the same.
public protocol ExternalEngine: Sendable {
  /// What a report calls it, e.g. "sevennet-l3i5".
  var name: String { get }
  /// All that decides its numbers apart from the program itself: the input, the options.
  var recipe: String { get }
  /// Whether a client at work takes other atoms by the text after `INIT`
  /// (`{"numbers": [3, 17], "pbc": [true, true, true]}`); otherwise it is started anew for them.
  var takesOtherAtoms: Bool { get }
  /// Whether the cell must stand as LAMMPS has it: **a** along x, **b** in the xy plane.
  var wantsTriangularCell: Bool { get }
  /// The program and its first arguments.
  ///
  /// - Throws: `EnginesError.missing`.
  func locate() throws -> [String]
  /// Throws `PotentialsError.unsupportedElement` if the input cannot name one of the elements.
  func validate(_ species: Set<Element>) throws
  /// Writes the input for a structure's atoms and says how to start the program.
  ///
  /// - Throws: `AtomisticsError.badStructure` for what the program cannot take, `EnginesError`,
  ///   `FileFormatsError.cannotWrite`.
  func command(
    for structure: Structure, at address: SocketAddress, in directory: URL, threads: Int
  ) throws -> ClientCommand
  /// What the program's own words say is wrong, if it is something that a person can mend.
  func complaint(in log: String) -> String?
}

extension ExternalEngine {
  public var takesOtherAtoms: Bool { false }
  public var wantsTriangularCell: Bool { false }
  public func validate(_ species: Set<Element>) throws {}
  public func complaint(in log: String) -> String? { nil }
}

/// How to start a client.
public struct ClientCommand: Sendable {
  /// The program and its arguments.
  public let words: [String]
  /// What is put into its environment beside ours.
  public let environment: [String: String]

  public init(_ words: [String], threads: Int, environment: [String: String] = [:]) {
    self.words = words
    // Whatever library the program computes with.
    let shares = ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"]
    self.environment = Dictionary(uniqueKeysWithValues: shares.map { ($0, "\(threads)") })
      .merging(environment) { $1 }
  }
}
