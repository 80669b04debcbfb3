export default function P() {
  return <h1>addresses</h1>;
}
