import Atomistics

/// What can be wrong with a trajectory or a density, or with what was asked of it. Frames count from 1.
public enum AnalysisError: ReportableError {
  case noFrames
  case changedAtoms(frame: Int, expected: Int, found: Int)
  case changedSpecies(frame: Int, atom: Int, expected: Element, found: Element)
  case notFinite(frame: Int, what: String)
  case timeNotIncreasing(frame: Int, previous: Double, time: Double)
  case unevenTimes(frame: Int, expected: Double, found: Double)
  case tooShort(String)
  case noContact(String)
  case nothingSelected(what: String, held: String)
  case noReferenceBonds(pair: String, cutoff: Double)
  case cellTooSmall(center: Int, ligand: Int)
  case noLabels(String)
  case openDirections(String)
  case noCommonVolume(String)
  case badDensity(String)
  case badCharges(frame: Int, reason: String)
  case badParameter(name: String, value: String, expected: String)

  public var kind: FailureKind {
    switch self {
    case .badParameter: .usage
    default: .badData
    }
  }

  public var description: String {
    switch self {
    case .noFrames:
      "the trajectory holds no whole frame (in the chosen span); check the file and the times"
    case .changedAtoms(let frame, let expected, let found):
      "frame \(frame) holds \(found) atoms, the first one \(expected); an analysis follows the "
        + "same atoms throughout, so split the trajectory where its atoms change"
    case .changedSpecies(let frame, let atom, let expected, let found):
      "atom \(atom) is \(found) in frame \(frame) and \(expected) in the first one; the atoms "
        + "must keep their order"
    case .notFinite(let frame, let what):
      "frame \(frame): \(what) is not a finite number; cut the trajectory before that frame"
    case .timeNotIncreasing(let frame, let previous, let time):
      "frame \(frame) is at \(time / 1000) ps, after one at \(previous / 1000) ps; times must "
        + "increase, so check for runs that were joined twice or for a wrong time step"
    case .unevenTimes(let frame, let expected, let found):
      "frame \(frame) comes \(found / 1000) ps after the one before, the second \(expected / 1000) ps "
        + "after the first; displacements need even times, so choose a span without gaps"
    default: selectionDescription
    }
  }

  private var selectionDescription: String {
    switch self {
    case .badCharges(let frame, let reason):
      "frame \(frame): \(reason)"
    case .nothingSelected(let what, let held):
      "there is no \(what) to analyse; \(held)"
    case .noReferenceBonds(let pair, let cutoff):
      "the first frame holds no \(pair) pair within \(cutoff) Å, so no bond can be followed; check "
        + "the pair and the inner cut-off"
    case .cellTooSmall(let center, let ligand):
      "atom \(center) is bonded to two images of atom \(ligand): the cell is too small to tell "
        + "its bonds apart; use a supercell"
    case .noLabels(let what):
      "the first frame does not say \(what); give a structure that was built as a contact, or "
        + "analyse all atoms"
    case .openDirections(let reason), .noCommonVolume(let reason), .tooShort(let reason),
      .badDensity(let reason),
      .noContact(let reason):
      reason
    case .badParameter(let name, let value, let expected):
      "\(name) is \(value); expected \(expected)"
    default: "the trajectory cannot be analysed"
    }
  }
}
