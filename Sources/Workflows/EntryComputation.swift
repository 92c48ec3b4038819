import Atomistics
import Dynamics
import FileFormats
import Foundation
import Potentials
import Synchronization

/// Entries for a table of phases, computed: every structure is relaxed, and its energy per atom
/// becomes a row.
///
/// Each row is written when it is done, so that a run that was stopped goes on where it was: rows
/// of the same potential (by its digest), structure (by its digest) and freedom of the cell are
/// kept. What did not converge gets no row, since its energy is none of a phase. Structures run
/// side by side; the table does not depend on the number of threads.
public struct EntryComputation: Sendable {
  /// What is asked of a relaxation; the defaults are tight enough for cells of one to three atoms.
  public var relaxation = Relaxation(cell: .flexible)
  /// How many structures run at once.
  public var threads = 1
  /// What the table's column `functional` says: the potential's name.
  public let functional: String
  /// The SHA-256 of the potential's file.
  public let potentialDigest: String
  private let calculator: any Calculator

  public init(calculator: any Calculator, functional: String, potentialDigest: String) {
    self.calculator = calculator
    self.functional = functional
    self.potentialDigest = potentialDigest
  }

  /// A structure that gave no entry.
  public struct Failure: Sendable, Codable {
    public let source: String
    public let reason: String
  }

  public struct Result: Sendable {
    /// All rows of the table, those of earlier calls too.
    public let rows: [EntryRow]
    /// How many of the given structures had their row already.
    public let kept: Int
    public let failures: [Failure]
  }

  /// Relaxes the structures and writes their table, and the relaxed structures if wished.
  ///
  /// - Parameters:
  ///   - files: structures, in the order of the rows.
  ///   - table: the CSV file; rows in it are kept, see above.
  ///   - directory: where relaxed structures go, as extended XYZ.
  ///   - progress: called now and then, from any thread, one at a time.
  /// - Throws: errors of reading, before anything is computed; `PotentialsError.unsupportedElement`;
  ///   `WorkflowsError.badRun` where the table is another or of another potential;
  ///   `WorkflowsError.stopped` after `Interruption`; `FileFormatsError.cannotWrite`.
  public func compute(
    _ files: [String], table: String, structures directory: String? = nil,
    progress: @Sendable (String) -> Void = { _ in }
  ) throws -> Result {
    let jobs = try EntryJob.jobs(files, calculator: calculator)
    var rows = try EntryRow.read(table)
    try check(rows, table)
    rows = EntryRow.dropping(changed: jobs, from: rows)
    if let directory {
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }
    let open = jobs.filter { job in
      let file = directory.map { job.relaxedFile(in: $0) }
      return !rows.contains { $0.structureDigest == job.digest && $0.source == job.source }
        || file.map { !FileManager.default.fileExists(atPath: $0) } ?? false
    }
    let board = Mutex(Board(rows: rows))
    let order = jobs.map(\.source)
    parallelFor(chunks: open.count, threads: threads) { index in
      guard !Interruption.isRequested, board.withLock({ $0.error == nil }) else { return }
      let outcome = Swift.Result { try relax(open[index], board, progress) }
      board.withLock {
        $0.take(outcome, open[index], table: table, directory: directory, order: order)
      }
    }
    let (end, failures, error) = board.withLock { ($0.rows, $0.failures, $0.error) }
    if let error { throw error }
    guard !Interruption.isRequested else {
      throw WorkflowsError.stopped(
        directory: table, reason: "\(end.count) entries are written; asked to stop")
    }
    return Result(
      rows: end, kept: jobs.count - open.count,
      failures: failures.sorted {
        order.firstIndex(of: $0.source)! < order.firstIndex(of: $1.source)!
      })
  }

  private func check(_ rows: [EntryRow], _ table: String) throws {
    let freedom = relaxation.cell.rawValue
    for row in rows where row.potentialDigest != potentialDigest || row.cell != freedom {
      throw WorkflowsError.badRun(
        directory: table,
        reason: "its entry \(row.id) is of \(row.functional) with the cell \(row.cell), this call "
          + "of \(functional) with the cell \(freedom); energies of both do not go together, name "
          + "another file")
    }
  }

  private func relax(
    _ job: EntryJob, _ board: borrowing Mutex<Board>, _ progress: @Sendable (String) -> Void
  ) throws -> (row: EntryRow, structure: Structure) {
    let result = try relaxation.relax(job.structure, with: calculator) { now in
      guard !Interruption.isRequested else { throw Stopped() }
      guard now.step % 10 == 0 else { return }
      board.withLock { _ in
        progress(
          "\(job.id): step \(now.step), largest force \(rounded(now.largestForce, 4)) eV/Å")
      }
    }
    let stress = rounded(result.largestStress * Units.gigapascal, 4)
    guard result.converged else {
      throw NotConverged(
        reason: "not converged after \(result.steps) steps: largest force "
          + "\(rounded(result.largestForce, 4)) eV/Å, largest stress \(stress) GPa")
    }
    return (
      EntryRow(
        job, result, functional: functional, potential: potentialDigest,
        cell: relaxation.cell.rawValue), result.structure
    )
  }
}

/// Somebody wished to stop.
private struct Stopped: Error {}

private struct NotConverged: Error {
  let reason: String
}

/// What the threads share: rows done, what failed, and the error that ends the whole.
private struct Board {
  var rows: [EntryRow]
  var failures: [EntryComputation.Failure] = []
  var error: (any Error)?

  mutating func take(
    _ outcome: Result<(row: EntryRow, structure: Structure), any Error>, _ job: EntryJob,
    table: String, directory: String?, order: [String]
  ) {
    do {
      let (row, structure) = try outcome.get()
      if let directory { try StructureFile.write(structure, to: job.relaxedFile(in: directory)) }
      rows = EntryRow.ordered(rows.filter { $0.source != job.source } + [row], order)
      try EntryRow.write(rows, to: table)
    } catch is Stopped {
      return
    } catch let error as NotConverged {
      failures.append(.init(source: job.source, reason: error.reason))
    } catch let error as DynamicsError {
      failures.append(.init(source: job.source, reason: error.description))
    } catch {
      self.error = self.error ?? error
    }
  }
}
