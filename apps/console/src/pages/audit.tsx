export default function P() {
  return <h1>audit</h1>;
}
